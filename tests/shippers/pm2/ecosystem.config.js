// pm2 start ecosystem.config.js: what the program prints is redacted before pm2 writes it.
// `exec` leaves the program as the process that pm2 stops. pm2 would stop all processes below it, blackbar too, and with it the
// program's last words: treekill has to be off. If blackbar is killed the program ends at its next line, by SIGPIPE, and pm2 starts
// both again. A program that ignores SIGPIPE (as Node.js does) gets EPIPE: it has to end when it cannot log.
module.exports = {
  apps: [
    {
      name: 'app',
      script: 'bash',
      args: ['-c', 'exec /usr/local/bin/app > >(exec /usr/local/bin/blackbar) 2>&1'],
      interpreter: 'none',
      treekill: false,
      merge_logs: true,
      out_file: '/var/log/app.log',
      error_file: '/var/log/app.err',
    },
  ],
};
