/// Other servers that are asked about requests (TokenReview, SubjectAccessReview, ImageReview), and what is remembered of their answers.
@NullMarked
package io.j8s.apiserver.remote;

import org.jspecify.annotations.NullMarked;
