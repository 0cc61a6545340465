// Publishes an event, and answers what else it is told.

#[path = "../../../../examples/photon/photon.rs"]
mod photon;

fn main() {
    let published = photon::emit("orders.rust", &[("ce-type", "order.created"), ("kafka-key", "k1")], b"from Rust");
    let refused = photon::emit("others", &[], b"");
    print!("Content-Type: text/plain\n\n{:?} {:?}", published, refused);
}
