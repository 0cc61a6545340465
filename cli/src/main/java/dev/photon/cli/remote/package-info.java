/** The commands that talk to a region over its REST API, from wherever they are run. */
package dev.photon.cli.remote;
