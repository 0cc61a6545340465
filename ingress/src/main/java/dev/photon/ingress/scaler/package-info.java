/**
 * What waits for executors in, when they should run and how many out: for KEDA, and for {@code faas autoscale}, which asks by
 * {@link dev.photon.ingress.scaler.ScalerClient}.
 *
 * <pre>
 *  brokers ──► BacklogReader ──► Reading ──► BacklogWatch ──► Outlook ┐
 *  KEDA  ◄───────────── gRPC ──────────────  ScalerService ◄──────────┴── Wish (a ScaledObject's metadata)
 *  replies ──► RunTimes ─────────────────────────┘
 * </pre>
 *
 * One event loop, {@link dev.photon.ingress.scaler.ScalerLoop}, takes a reading several times a second and answers by the
 * last one. Any ingress answers for the whole region. What is not known is never taken for nothing to do.
 */
package dev.photon.ingress.scaler;
