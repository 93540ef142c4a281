// Calls the shop with every kind of credential and logs what the libraries give it, also when they fail.
// `client.js axios|undici|fetch URL SECRETS`, SECRETS being the JSON file of what to send.

const { readFileSync } = require('node:fs')
const querystring = require('node:querystring')

const [library, base, secretsFile] = process.argv.slice(2)
const secrets = JSON.parse(readFileSync(secretsFile, 'utf8'))
const cookie = `cart=${secrets.cart}; theme=${secrets.theme}`

const calls = [
  { method: 'GET', path: '/', headers: { Authorization: `Bearer ${secrets.opaque}`, Cookie: cookie } },
  { method: 'GET', path: '/', headers: { authorization: `bearer ${secrets.jwt}`, 'x-api-key': secrets.api_key } },
  { method: 'GET', path: '/', headers: { Authorization: `Basic ${secrets.basic}` } },
  { method: 'GET', path: `/callback?${querystring.stringify({ access_token: secrets.base64, state: 'af0ifjsldkj' })}`, headers: {} },
  { method: 'POST', path: '/login', headers: { Cookie: cookie }, form: { user: 'ann', client_secret: secrets.client_secret } },
  {
    method: 'POST',
    path: '/oauth/token',
    headers: { Authorization: `Bearer ${secrets.opaque}` },
    form: {
      grant_type: 'refresh_token',
      refresh_token: secrets.refresh_token,
      client_id: 'web',
      client_secret: secrets.client_secret,
      code_verifier: secrets.code_verifier,
    },
  },
  { method: 'GET', path: '/forbidden', headers: { Authorization: `Bearer ${secrets.jwt}`, Cookie: cookie } },
  { method: 'GET', path: '/broken', headers: { Authorization: `Bearer ${secrets.opaque}`, Cookie: cookie } },
]

const withForm = ({ headers, form }) =>
  form ? { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' } : headers

async function withAxios(call) {
  const axios = require('axios')
  try {
    const response = await axios.request({
      method: call.method,
      url: base + call.path,
      headers: withForm(call),
      data: call.form && querystring.stringify(call.form),
    })
    console.log('response headers', response.headers)
    console.log('sent', response.config.headers)
    console.log('data', response.data)
    console.log(response.request._header)
  } catch (error) {
    console.error(error)
    console.error('config', error.config)
    console.error(JSON.stringify(error))
    console.error(error.toJSON())
  }
}

async function withUndici(call) {
  const { request } = require('undici')
  const options = { method: call.method, headers: withForm(call), body: call.form && querystring.stringify(call.form) }
  console.log('request', call.path, options)
  const { statusCode, headers, body } = await request(base + call.path, options)
  console.log('response', statusCode, headers)
  console.log(await body.text())
}

async function withFetch(call) {
  const body = call.form && new URLSearchParams(call.form)
  const request = new Request(base + call.path, { method: call.method, headers: call.headers, body })
  console.log(request.method, request.url, request.headers, body)
  console.log([...request.headers])
  const response = await fetch(request)
  console.log(response)
  console.log('set-cookie', response.headers.getSetCookie())
  console.log(JSON.stringify(Object.fromEntries(response.headers)))
  console.log(await response.text())
}

async function main() {
  const send = { axios: withAxios, undici: withUndici, fetch: withFetch }[library]
  for (const call of calls) {
    await send(call)
  }
}

main()
