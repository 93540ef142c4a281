#!/bin/sh
# /usr/local/libexec/blackbar-forward: a syslog message over TCP for each redacted line.
/usr/local/bin/blackbar | logger --server logs.example.com --port 514 --tcp --tag app
