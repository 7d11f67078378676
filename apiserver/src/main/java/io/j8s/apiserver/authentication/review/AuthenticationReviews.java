package io.j8s.apiserver.authentication.review;

import io.j8s.apiserver.authentication.Authentication;
import io.j8s.apiserver.authentication.TokenAuthenticator;
import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.resource.ActionContext;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Struct;
import io.j8s.model.authentication.v1.SelfSubjectReview;
import io.j8s.model.authentication.v1.SelfSubjectReviewStatus;
import io.j8s.model.authentication.v1.TokenReview;
import io.j8s.model.authentication.v1.TokenReviewStatus;
import io.j8s.model.authentication.v1.UserInfo;
import java.util.List;

/// `tokenreviews` and `selfsubjectreviews`
public final class AuthenticationReviews {

    private final TokenAuthenticator tokens;
    private final List<String> serverAudiences;

    private AuthenticationReviews(TokenAuthenticator tokens, List<String> serverAudiences) {
        this.tokens = tokens;
        this.serverAudiences = serverAudiences;
    }

    /// @param serverAudiences those of tokens that are for this server
    public static List<Resource<?>> resources(TokenAuthenticator tokens, List<String> serverAudiences) {
        AuthenticationReviews reviews = new AuthenticationReviews(tokens, serverAudiences);
        return List.of(
                Resource.of(TokenReview.RESOURCE).answeredBy(reviews::review).build(),
                Resource.of(SelfSubjectReview.RESOURCE).answeredBy(AuthenticationReviews::self).build());
    }

    private Struct review(ActionContext context, TokenReview sent) {
        if (sent.spec().token().isEmpty()) {
            throw Refusal.badRequest("token is required for TokenReview in authentication");
        }
        List<String> wanted = sent.spec().audiences().isEmpty() ? serverAudiences : sent.spec().audiences();
        return sent.withStatus(switch (tokens.authenticate(sent.spec().token(), wanted)) {
            case Authentication.Known(User user, List<String> audiences) -> TokenReviewStatus.EMPTY
                    .withAuthenticated(true)
                    .withUser(info(user.withGroup(User.AUTHENTICATED)))
                    .withAudiences(audiences);
            case Authentication.Failed(String why) -> TokenReviewStatus.EMPTY.withUser(UserInfo.EMPTY).withError("[invalid bearer token, " + why + "]");
            case Authentication.None _ -> TokenReviewStatus.EMPTY.withUser(UserInfo.EMPTY).withError("invalid bearer token");
        });
    }

    private static Struct self(ActionContext context, SelfSubjectReview sent) {
        return sent.withMetadata(meta -> meta.withCreationTimestamp(context.now()))
                .withStatus(SelfSubjectReviewStatus.EMPTY.withUserInfo(info(context.user())));
    }

    /// A user as the API writes him.
    public static UserInfo info(User user) {
        UserInfo info = UserInfo.EMPTY.withUsername(user.name()).withUid(user.uid()).withGroups(user.groups());
        return user.extra().isEmpty() ? info : info.withExtra(user.extra());
    }
}
