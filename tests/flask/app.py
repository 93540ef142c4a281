"""A small web shop as its developers run it on a bad day: everything is logged.

What it issues comes from the JSON file that `SHOP_ISSUES` names, so that whoever reads the log afterwards knows
what must not be in it.
"""

import json
import logging
import os
import sys
import traceback

from flask import Flask, jsonify, make_response, request, session

with open(os.environ["SHOP_ISSUES"], encoding="utf-8") as file:
    ISSUES = json.load(file)

app = Flask(__name__)
app.secret_key = "only for this test"
log = logging.getLogger("shop")


class JsonLines(logging.Formatter):
    """One JSON object a line, with whatever `extra={"http": ...}` brought along."""

    def format(self, record):
        fields = {
            "time": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if hasattr(record, "http"):
            fields["http"] = record.http
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return json.dumps(fields)


def set_up_logging():
    plain = logging.StreamHandler(sys.stderr)
    plain.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    lines = logging.StreamHandler(sys.stdout)
    lines.setFormatter(JsonLines())
    logging.basicConfig(level=logging.DEBUG, handlers=[plain, lines])
    app.logger.setLevel(logging.DEBUG)


set_up_logging()


@app.before_request
def log_request():
    app.logger.info("%s %s", request.method, request.url)
    app.logger.info("full path %s", request.full_path)
    app.logger.info("request %r", request)
    app.logger.debug("headers: %r", request.headers)
    app.logger.debug("headers as sent\n%s", request.headers)
    app.logger.debug("headers: %s", dict(request.headers))
    app.logger.debug("headers: %s", list(request.headers))
    app.logger.debug("environ: %s", request.environ)
    app.logger.debug("authorization: %r", request.authorization)
    app.logger.debug("authorization: %s", request.authorization)
    app.logger.debug("authorization header: %s", request.headers.get("Authorization"))
    app.logger.debug("cookie header: %s", request.headers.get("Cookie"))
    app.logger.debug("cookies: %s", request.cookies)
    app.logger.debug("cookies: %s", dict(request.cookies))
    app.logger.debug("cookies: %s", json.dumps(request.cookies))
    app.logger.debug("args: %s", request.args)
    app.logger.debug("args: %s", request.args.to_dict())
    app.logger.debug("query string: %s", request.query_string)
    print("form", request.form, flush=True)
    print("form", request.form.to_dict(), flush=True)
    log.info(
        "request",
        extra={"http": {"url": request.url, "headers": dict(request.headers), "cookies": request.cookies}},
    )
    log.info(json.dumps({"headers": dict(request.headers), "args": request.args}))
    log.info(json.dumps({"relayed": json.dumps({"headers": list(request.headers)})}))


@app.after_request
def log_response(response):
    app.logger.info("response %s", response.status)
    app.logger.debug("response headers: %r", response.headers)
    app.logger.debug("response headers\n%s", response.headers)
    app.logger.debug("set-cookie: %s", response.headers.getlist("Set-Cookie"))
    for value in response.headers.getlist("Set-Cookie"):
        app.logger.debug("Set-Cookie: %s", value)
    log.info("response", extra={"http": {"headers": dict(response.headers), "all": list(response.headers)}})
    if response.is_json:
        app.logger.debug("body: %s", response.get_data(as_text=True))
        app.logger.debug("body: %s", response.get_data())
        app.logger.debug("body: %s", response.get_json())
    return response


@app.get("/")
def index():
    return "a shop\n"


@app.post("/login")
def login():
    session["user"] = 4711
    session["roles"] = ["buyer", "admin"]
    response = make_response("welcome\n")
    response.set_cookie("sid", ISSUES["sid"], max_age=3600, httponly=True, samesite="Lax")
    response.set_cookie("theme", ISSUES["theme"], expires=1893456000, secure=False)
    return response


@app.get("/preferences")
def preferences():
    response = make_response("noted\n")
    response.set_cookie("prefs", ISSUES["prefs"])
    return response


@app.post("/oauth/token")
def token():
    return jsonify(
        access_token=ISSUES["issued_access_token"],
        token_type="Bearer",
        expires_in=3600,
        refresh_token=ISSUES["issued_refresh_token"],
        id_token=ISSUES["issued_id_token"],
        scope="read write",
    )


@app.get("/callback")
def callback():
    return "called back\n"


@app.get("/broken")
def broken():
    headers = {"Authorization": request.headers["Authorization"], "Accept": "*/*"}
    access_token = request.headers["Authorization"].removeprefix("Bearer ")
    try:
        raise RuntimeError(f"the stock service refused {headers}")
    except RuntimeError as error:
        report = traceback.TracebackException.from_exception(error, capture_locals=True)
        print("".join(report.format()), file=sys.stderr, flush=True)
        app.logger.exception("stock")
        raise PermissionError(f"no stock for {headers!r}, token of {len(access_token)}") from error


@app.get("/expired")
def expired():
    response = make_response("gone\n")
    response.delete_cookie("sid")
    return response


if __name__ == "__main__":
    app.run(port=int(sys.argv[1]), debug=True, use_reloader=False)
