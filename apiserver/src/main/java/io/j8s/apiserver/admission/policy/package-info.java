/// Admission by policies that are objects themselves: ValidatingAdmissionPolicy and MutatingAdmissionPolicy, and the rules by which policies and webhooks choose requests.
@NullMarked
package io.j8s.apiserver.admission.policy;

import org.jspecify.annotations.NullMarked;
