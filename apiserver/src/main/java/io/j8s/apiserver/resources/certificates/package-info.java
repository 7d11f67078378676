/// The resources of the API group `certificates.k8s.io`, each declared in a file of its own; [CertificatesGroup] lists them.
@NullMarked
package io.j8s.apiserver.resources.certificates;

import org.jspecify.annotations.NullMarked;
