package io.quikqueue.rest;

import io.quikqueue.domain.access.Password;
import io.quikqueue.domain.access.Role;
import io.quikqueue.domain.access.User;
import io.quikqueue.domain.usecase.user.ManageUsers.Change;
import io.quikqueue.domain.usecase.user.ManageUsers.Credential;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads what is asked of users; each reader is used once. */
final class UserReader {

  private @Nullable String name;
  private @Nullable String email;
  private boolean hasAge;
  private @Nullable Integer age;
  private boolean hasPhone;
  private @Nullable String phone;
  private @Nullable Role role;
  private @Nullable Boolean active;
  private @Nullable String password;
  private @Nullable String passwordHash;
  private @Nullable String oldPassword;
  private @Nullable String newPassword;
  private @Nullable String refreshToken;

  private UserReader() {}

  /** A user who is to be made. */
  record NewUser(User.Profile profile, Role role, Credential credential) {}

  /** Who wants to sign in. */
  record Login(String email, Password password) {

    /** Without who it is. */
    @Override
    public String toString() {
      return "login";
    }
  }

  /** A password that is to take the place of another. */
  record NewPassword(Password old, Password fresh) {}

  /** Reads a user with a {@code password}, or with a {@code password_hash}. */
  static NewUser created(String json) {
    UserReader reader = new UserReader();
    JsonReader.read(json, Source.START, reader::create);
    return new NewUser(
        new User.Profile(
            Objects.requireNonNull(reader.name),
            Objects.requireNonNull(reader.email),
            reader.age,
            reader.phone),
        Objects.requireNonNull(reader.role),
        reader.credential());
  }

  private Credential credential() {
    return password == null
        ? new Credential.Hashed(Objects.requireNonNull(passwordHash))
        : new Credential.Plain(new Password(password));
  }

  private void create(JsonReader json) throws IOException {
    json.object(
        "",
        field -> {
          switch (field) {
            case "password" -> password = json.string(field);
            case "password_hash" -> passwordHash = json.string(field);
            default -> profile(json, field);
          }
        });
    require(json, "name", name);
    require(json, "email", email);
    require(json, "role", role);
    if (password != null && passwordHash != null) {
      json.error(Problems.invalidValue("password_hash", "cannot be there beside a password"));
    } else if (passwordHash == null) {
      require(json, "password", password);
    }
  }

  private static void require(JsonReader json, String field, @Nullable Object value) {
    if (value == null) {
      json.missing(field);
    }
  }

  /** Reads what is to be changed; a null there takes the age or the phone away. */
  static Change changed(String json) {
    UserReader reader = new UserReader();
    JsonReader.read(json, Source.START, reader::change);
    return new Change(
        reader.name,
        reader.email,
        reader.hasAge,
        reader.age,
        reader.hasPhone,
        reader.phone,
        reader.role,
        reader.active,
        reader.password == null ? null : new Password(reader.password));
  }

  private void change(JsonReader json) throws IOException {
    json.object(
        "",
        field -> {
          switch (field) {
            case "active" -> active = json.bool(field);
            case "password" -> password = json.string(field);
            default -> profile(json, field);
          }
        });
    boolean nothing = name == null && email == null && role == null && active == null;
    if (nothing && !hasAge && !hasPhone && password == null) {
      json.error(Problems.invalidValue("body", "must have something that is to be changed"));
    }
  }

  private void profile(JsonReader json, String field) throws IOException {
    switch (field) {
      case "name" -> name = json.string(field);
      case "email" -> email = json.string(field);
      case "role" -> role = Words.read(json, field, Role.class);
      case "age" -> {
        hasAge = true;
        age = json.integer(field);
      }
      case "phone" -> {
        hasPhone = true;
        phone = json.string(field);
      }
      default -> json.unknown(field);
    }
  }

  /** Reads {@code {"email", "password"}}. */
  static Login login(String json) {
    UserReader reader = new UserReader();
    JsonReader.read(json, Source.START, reader::login);
    return new Login(
        Objects.requireNonNull(reader.email),
        new Password(Objects.requireNonNull(reader.password)));
  }

  private void login(JsonReader json) throws IOException {
    json.object(
        "",
        field -> {
          switch (field) {
            case "email" -> email = json.string(field);
            case "password" -> password = json.string(field);
            default -> json.unknown(field);
          }
        });
    require(json, "email", email);
    require(json, "password", password);
  }

  /** Reads {@code {"old_password", "new_password"}}. */
  static NewPassword newPassword(String json) {
    UserReader reader = new UserReader();
    JsonReader.read(json, Source.START, reader::passwords);
    return new NewPassword(
        new Password(Objects.requireNonNull(reader.oldPassword)),
        new Password(Objects.requireNonNull(reader.newPassword)));
  }

  private void passwords(JsonReader json) throws IOException {
    json.object(
        "",
        field -> {
          switch (field) {
            case "old_password" -> oldPassword = json.string(field);
            case "new_password" -> newPassword = json.string(field);
            default -> json.unknown(field);
          }
        });
    require(json, "old_password", oldPassword);
    require(json, "new_password", newPassword);
  }

  /** Reads {@code {"refresh_token"}}. */
  static String refreshToken(String json) {
    UserReader reader = new UserReader();
    JsonReader.read(json, Source.START, reader::refresh);
    return Objects.requireNonNull(reader.refreshToken);
  }

  private void refresh(JsonReader json) throws IOException {
    json.object(
        "",
        field -> {
          if (field.equals("refresh_token")) {
            refreshToken = json.string(field);
          } else {
            json.unknown(field);
          }
        });
    require(json, "refresh_token", refreshToken);
  }
}
