# /etc/gunicorn.conf.py: writes both logs to standard output and error, and names the fields of the access log.
accesslog = "-"
errorlog = "-"
capture_output = False
access_log_format = '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s" cookie="%({cookie}i)s" authorization="%({authorization}i)s"'
