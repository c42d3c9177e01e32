package io.quikqueue.domain.usecase.user;

/**
 * What the API calls for users.
 *
 * @param callers knows users by their access tokens
 */
public record UserCases(
    ManageUsers manage, SignIn signIn, TokenKeyring keyring, TokenCallers callers) {}
