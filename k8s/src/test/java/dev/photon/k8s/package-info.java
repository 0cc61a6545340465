/** That the manifests are what Kubernetes and its operators take, and say what the code says. */
package dev.photon.k8s;
