// Takes an order, and publishes that it was placed: in the log before the answer says so, and in order for each customer.

export default {
  async fetch(request) {
    const order = await request.json().catch(() => null);
    if (typeof order?.customer !== "string" || typeof order?.item !== "string") {
      return Response.json({ error: "an order has a customer and an item" }, { status: 400 });
    }
    photon.emit("orders.placed", order, { type: "order.placed", key: order.customer, subject: order.item });
    return Response.json({ placed: order.item }, { status: 201 });
  },
};
