/// The reviews of `authorization.k8s.io/v1`: may a user do something, may I, and what may I.
@NullMarked
package io.j8s.apiserver.authorization.review;

import org.jspecify.annotations.NullMarked;
