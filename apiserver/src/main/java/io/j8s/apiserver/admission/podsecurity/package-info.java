/// The Pod Security Standards: which pods a namespace takes, by its labels `pod-security.kubernetes.io/…`, in any version of the standards.
@NullMarked
package io.j8s.apiserver.admission.podsecurity;

import org.jspecify.annotations.NullMarked;
