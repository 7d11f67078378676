/// The resources of the API group `admissionregistration.k8s.io`, each declared in a file of its own; [AdmissionregistrationGroup] lists them.
@NullMarked
package io.j8s.apiserver.resources.admissionregistration;

import org.jspecify.annotations.NullMarked;
