//! The filter in front of log shippers and behind servers. Each test runs the real program with the configuration that
//! the README recommends, and changes only paths, addresses and names of users.

#[path = "../command/mod.rs"]
#[allow(unused)]
mod command;
mod daemon;
mod http;

mod apache;
mod application;
mod cluster;
mod containers;
mod jobs;
mod journald;
mod kafka;
mod logrotate;
mod nginx;
mod opentelemetry;
mod readme;
mod resume;
mod rsyslog;
mod server_logs;
mod spark;
mod supervised;
mod supervisord;
mod syslog_ng;
mod systemd;
mod unrun;
