/**
 * Brings the functions of other regions here.
 *
 * <p>What enters are the records of the other regions' {@code photon.functions}, and chunks of their {@code
 * photon.artifacts}; what leaves are records of this region's {@code <origin>.photon.functions}, and commands to this
 * region's registry, which keeps what content it is brought. For each origin a {@code Flow} has a thread of its own, so
 * that a region that is away holds up no other; one more thread looks for content that is needed and not here.
 *
 * <pre>
 * origin: photon.functions ──► Flow ──► &lt;origin&gt;.photon.functions ──► FunctionView.absent()
 *                                                                          │
 * origin: photon.artifacts ──────────────────► Contents ◄──────────────────┘
 *                                                 └──► photon.uploads, photon.deployments ──► registry
 * </pre>
 *
 * <p>Kafka's MirrorMaker 2 may make the copies instead, of both topics: then there is no {@code Flow}, and {@code Contents}
 * reads {@code <origin>.photon.artifacts} here.
 */
package dev.photon.replicator;
