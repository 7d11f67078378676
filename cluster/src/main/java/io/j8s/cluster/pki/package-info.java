/// The cluster's own certificates and keys: authorities, leaf certificates and the service-account key pair, in a folder laid out as kubeadm's
/// `/etc/kubernetes/pki`. Leaves are renewed while running, long before they end. The only package that knows BouncyCastle, which is loaded
/// only when a certificate must be made: a start with everything in place never touches it.
@NullMarked
package io.j8s.cluster.pki;

import org.jspecify.annotations.NullMarked;
