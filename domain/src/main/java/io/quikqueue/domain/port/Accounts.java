package io.quikqueue.domain.port;

/** What a store keeps of users and of who is signed in. */
public record Accounts(Users users, Sessions sessions, LoginGuard guard, TokenKeys tokenKeys) {}
