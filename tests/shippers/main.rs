//! The filter in front of log shippers and behind servers. Each test runs the real program with the configuration that
//! the README recommends, and changes only paths, addresses and names of users.

#[path = "../command/mod.rs"]
#[allow(unused)]
mod command;
mod daemon;
mod http;

mod apache;
mod containers;
mod logrotate;
mod nginx;
mod readme;
mod rsyslog;
mod spark;
mod supervised;
mod syslog_ng;
mod systemd;
mod unrun;
