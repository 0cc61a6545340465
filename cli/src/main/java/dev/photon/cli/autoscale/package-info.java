/**
 * As many executors on this machine as a region's scaler asks for: what KEDA and the kubelet do elsewhere.
 *
 * <pre>
 *  ingress ──► ScalerClient ──► Demand ──► Goal ──► Fleet ──► ExecutorProcess, as many as are wanted
 *                                                     ▲                │ ended, though nobody asked
 *                                                     └── started anew ┘──► Membership.end
 * </pre>
 *
 * One event loop decides; processes are waited for elsewhere, and say there that they have ended.
 */
package dev.photon.cli.autoscale;
