//! Load generator and upstream of the benchmarks. Both are to cost far less than what they measure.
//!
//! `bench-load upstream` prints the port that it listens on. `bench-load load` reads jobs, one line of
//! JSON each, and answers each with a line. Both end with their standard input. One thread each.

mod client;
mod cpu;
mod job;
mod latency;
mod run;
mod upstream;

/// Whatever can go wrong, said once, to who started the program.
type Error = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    match std::env::args().nth(1).as_deref() {
        Some("upstream") => upstream::serve().await,
        Some("load") => run::jobs().await,
        _ => Err("usage: bench-load upstream | bench-load load".into()),
    }
}
