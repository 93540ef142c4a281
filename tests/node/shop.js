// A small web shop as its developers run it on a bad day: everything is logged.
// What it issues comes from the JSON file that SHOP_ISSUES names.

const { readFileSync } = require('node:fs')
const cookieParser = require('cookie-parser')
const express = require('express')
const morgan = require('morgan')
const pino = require('pino')
const winston = require('winston')

const issues = JSON.parse(readFileSync(process.env.SHOP_ISSUES, 'utf8'))
const app = express()
const lines = pino({ level: 'trace' })
const winstonLines = winston.createLogger({
  level: 'debug',
  format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
  transports: [new winston.transports.Console()],
})

morgan.token('headers', (req) => JSON.stringify(req.headers))
app.use(
  morgan(
    ':method :url :status authorization=":req[authorization]" cookie=":req[cookie]" set-cookie=":res[set-cookie]" :headers',
  ),
)
app.use(morgan('combined'))
app.use(cookieParser())
app.use(express.urlencoded({ extended: false }))

app.use((req, res, next) => {
  console.log('headers', req.headers)
  console.log('raw headers', req.rawHeaders)
  console.log('authorization', req.get('authorization'))
  console.log(`cookie: ${req.headers.cookie}`)
  console.log('cookies', req.cookies)
  console.log('query', req.query)
  console.log('body', req.body)
  console.log(`${req.method} ${req.originalUrl}`)
  console.log(JSON.stringify({ headers: req.headers, cookies: req.cookies, body: req.body }))
  console.log(JSON.stringify(req.headers, null, 2))
  console.dir({ request: { headers: req.headers } }, { depth: 4 })
  lines.info({ req: { method: req.method, url: req.url, headers: req.headers } }, 'request')
  lines.info({ relayed: JSON.stringify({ headers: req.headers }) }, 'request')
  winstonLines.debug('request', { headers: req.headers, query: req.query })
  res.on('finish', () => {
    console.log('response', res.statusCode, res.getHeaders())
    lines.info({ res: { headers: res.getHeaders() } }, 'response')
  })
  next()
})

app.get('/', (req, res) => res.send('a shop\n'))
app.get('/callback', (req, res) => res.send('called back\n'))

app.post('/login', (req, res) => {
  res.cookie('sid', issues.sid, { maxAge: 3600000, httpOnly: true, sameSite: 'lax' })
  res.cookie('theme', issues.theme, { path: '/' })
  res.send('welcome\n')
})

app.post('/oauth/token', (req, res) => {
  const answer = {
    access_token: issues.issued_access_token,
    token_type: 'Bearer',
    expires_in: 3600,
    refresh_token: issues.issued_refresh_token,
    id_token: issues.issued_id_token,
  }
  console.log('issued', answer)
  console.log('issued', JSON.stringify(answer))
  res.json(answer)
})

app.get('/forbidden', (req, res) => {
  res.status(403).set('WWW-Authenticate', 'Bearer realm="shop", error="invalid_token"').json({ error: 'invalid_token' })
})

app.get('/broken', (req) => {
  throw new Error(`the stock service refused ${JSON.stringify(req.headers)}`)
})

const server = app.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('Listening'))
process.on('SIGTERM', () => server.close(() => process.exit(0)))
