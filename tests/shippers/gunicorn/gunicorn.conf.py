# /etc/gunicorn.conf.py: both logs go to standard output and error, and the access log names its fields.
accesslog = "-"
errorlog = "-"
capture_output = False
access_log_format = '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s" cookie="%({cookie}i)s" authorization="%({authorization}i)s"'
