"""Calls the shop with every kind of credential it knows, with the library that is asked for, as loud as it goes.

`client.py requests|httpx URL SECRETS ISSUED`: SECRETS is the JSON file of what to send, ISSUED the file that takes
what the shop gave us of its own making, one secret a line.
"""

import http.client
import json
import logging
import sys

logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
log = logging.getLogger("client")


def calls(secrets):
    """Every request: method, path, query, form, headers."""
    bearer = {"Authorization": f"Bearer {secrets['opaque']}"}
    yield "GET", "/", None, None, bearer
    yield "GET", "/", None, None, {"Authorization": f"bearer {secrets['jwt']}", "X-Request-Id": "5f0c7e2a"}
    yield "GET", "/", None, None, {"Authorization": f"Basic {secrets['basic']}"}
    yield "GET", "/", None, None, {"X-Api-Key": secrets["api_key"], "X-Auth-Token": secrets["auth_token"]}
    yield "GET", "/callback", {"access_token": secrets["base64"], "state": "af0ifjsldkj"}, None, {}
    yield "GET", "/callback", {"state": "xyz", "id_token": secrets["jwt"]}, None, {}
    yield "POST", "/login", None, {"user": "ann", "client_secret": secrets["client_secret"]}, {}
    yield (
        "POST",
        "/oauth/token",
        None,
        {
            "grant_type": "refresh_token",
            "refresh_token": secrets["refresh_token"],
            "client_id": "web",
            "client_secret": secrets["client_secret"],
        },
        bearer,
    )
    yield (
        "POST",
        "/oauth/token",
        None,
        {
            "grant_type": "authorization_code",
            "code_verifier": secrets["code_verifier"],
            "client_assertion": secrets["jwt"],
            "redirect_uri": "https://shop.example/cb?next=%2Fcart",
        },
        {},
    )
    if "prefs" in secrets:
        yield "GET", "/preferences", None, None, {}
        yield "GET", "/", None, None, bearer
    yield "GET", "/expired", None, None, {}
    yield "GET", "/broken", None, None, bearer


def with_requests(base, secrets):
    import requests

    http.client.HTTPConnection.debuglevel = 1
    shop = requests.Session()
    shop.cookies.set("cart", secrets["cart"])
    for method, path, query, form, headers in calls(secrets):
        response = shop.request(method, base + path, params=query, data=form, headers=headers)
        log.debug("sent %s", response.request.headers)
        log.debug("sent to %s", response.request.url)
        log.debug("got %s", response.headers)
        log.debug("got %s", dict(response.headers))
        print("cookies", shop.cookies.get_dict(), flush=True)
        log.debug("cookies: %s", response.cookies)
        log.debug("cookies: %r", response.cookies)
        if response.status_code >= 500:
            print(response.text, flush=True)
        elif "json" in response.headers["Content-Type"]:
            log.info("token response %s", response.json())
            print(response.text, flush=True)
    return shop.cookies.get_dict().get("session")


def with_httpx(base, secrets):
    import httpx

    with httpx.Client(cookies={"cart": secrets["cart"]}) as shop:
        for method, path, query, form, headers in calls(secrets):
            response = shop.request(method, base + path, params=query, data=form, headers=headers)
            log.debug("sent %s", response.request.headers)
            log.debug("sent %s", response.request.headers.raw)
            log.debug("sent %s", dict(response.request.headers))
            log.debug("got %s", response.headers)
            log.debug("got %s", response.headers.multi_items())
            log.debug("cookies: %s", response.cookies)
            log.debug("cookies: %s", dict(shop.cookies))
            if "json" in response.headers["Content-Type"]:
                log.info("token response %s", json.dumps(response.json(), indent=2))
        return dict(shop.cookies).get("session")


def main():
    library, base, secrets, issued = sys.argv[1:]
    with open(secrets, encoding="utf-8") as file:
        secrets = json.load(file)
    session = {"requests": with_requests, "httpx": with_httpx}[library](base, secrets)
    if session:
        with open(issued, "a", encoding="utf-8") as file:
            file.write(f"{session}\n")


main()
