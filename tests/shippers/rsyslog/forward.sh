#!/bin/sh
# /usr/local/libexec/blackbar-forward: sends each redacted line as a syslog message over TCP.
/usr/local/bin/blackbar | logger --server logs.example.com --port 514 --tcp --tag app
