//! Greets whom the path names, as in /{{name}}/Ada, or else the body.
//!
//! The request's head is in environment variables (REQUEST_METHOD, PATH_INFO, QUERY_STRING, CONTENT_TYPE, HTTP_…), beside
//! those of photoniq.toml, and its body is standard input. The answer is header lines, an empty line and the body, on
//! standard output. Standard error is the log.

use std::env::var;
use std::io::{self, Read};

fn main() -> io::Result<()> {
    let method = var("REQUEST_METHOD").unwrap_or_default();
    if method != "GET" && method != "POST" {
        eprintln!("WARN refused {}", method);
        print!("Status: 405 Method Not Allowed\nAllow: GET, POST\n\n");
        return Ok(());
    }
    let name = name()?;
    let greeting = var("GREETING").unwrap_or_else(|_| "Hello".to_string());
    eprintln!("INFO greeting {:?}", name);
    print!("Content-Type: text/plain; charset=utf-8\n\n{}, {}!\n", greeting, name);
    Ok(())
}

fn name() -> io::Result<String> {
    let path = var("PATH_INFO").unwrap_or_default();
    let mut body = Vec::new();
    io::stdin().read_to_end(&mut body)?;
    let body = String::from_utf8_lossy(&body);
    let named = [path.trim_start_matches('/'), body.trim()]
        .into_iter()
        .find(|name| !name.is_empty())
        .unwrap_or("world");
    Ok(named.to_string())
}
