/// The built-in signers of CertificateSigningRequests (KEP-1513): approving nodes' own, signing what is approved, and clearing away what is old.
@NullMarked
package io.j8s.controllers.certificates;

import org.jspecify.annotations.NullMarked;
