/// The reviews of `authentication.k8s.io/v1`: whose a token is, and who asks.
@NullMarked
package io.j8s.apiserver.authentication.review;

import org.jspecify.annotations.NullMarked;
