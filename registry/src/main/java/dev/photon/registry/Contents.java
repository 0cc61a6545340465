package dev.photon.registry;

/**
 * Where bytes come from, and where they are kept.
 *
 * @param uploads of deployers
 * @param artifacts of versions
 */
record Contents(Uploads uploads, Artifacts artifacts) {}
