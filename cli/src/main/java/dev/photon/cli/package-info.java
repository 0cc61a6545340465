/**
 * The {@code faas} command. What enters is a command line; what leaves is a running region, or a role of one, or the
 * demonstration, and an exit code that scripts can use: 0 done, 1 failed, 2 misused. Problems are told in one line.
 */
package dev.photon.cli;
