"""gunicorn's access log with everything that people ask of it when they look for a lost session."""

loglevel = "debug"
accesslog = "-"
errorlog = "-"
access_log_format = (
    '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s" '
    'authorization="%({authorization}i)s" cookie="%({cookie}i)s" set-cookie="%({set-cookie}o)s" '
    'x-api-key="%({x-api-key}i)s" %(D)s'
)
