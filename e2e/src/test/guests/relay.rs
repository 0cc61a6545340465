// Calls the service whose URL is the request's body, with the bindings of the examples, and tells what it answered and
// whether there is time left.

#[path = "../../../../examples/photon/photon.rs"]
mod photon;

fn main() {
    let mut url = String::new();
    std::io::stdin().read_line(&mut url).unwrap();
    photon::log(photon::Level::Warn, "relaying");
    println!("Content-Type: text/plain\n");
    let before = photon::deadline();
    match photon::fetch("PUT", &url, &[("x-a", "1"), ("x-b", "2")], b"from Rust") {
        Ok(answer) => print!("{} {}{}", answer.status, answer.head, String::from_utf8_lossy(&answer.body)),
        Err(reason) => print!("no answer: {}", reason),
    }
    print!(" {}", before > 0 && photon::deadline() <= before);
}
