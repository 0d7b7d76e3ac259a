using FlowEngine.Errors;

namespace FlowEngine.AspNetCore.Tokens;

/// <summary>Shared and immutable: the codes of refresh tokens.</summary>
internal static class TokenErrors
{
    /// <summary>Not a refresh token of this server.</summary>
    public static readonly ErrorCode Invalid = new(
        "token.invalid",
        "The refresh token is not one that this server issued.",
        "Send the refreshJwt of the last answer, unchanged."
    );

    /// <summary>Its time is over.</summary>
    public static readonly ErrorCode Expired = new("token.expired", "The refresh token has expired.", "Let the person sign in again.");

    /// <summary>Its login ended.</summary>
    public static readonly ErrorCode Revoked = new(
        "token.revoked",
        "The login that the refresh token belongs to has ended.",
        "Let the person sign in again."
    );

    /// <summary>It was used before.</summary>
    public static readonly ErrorCode Reused = new(
        "token.reused",
        "The refresh token was used before; somebody may have copied it, so its login was ended.",
        "Let the person sign in again, and keep only the last refreshJwt."
    );

    /// <summary>All of them, in the order declared.</summary>
    public static IReadOnlyList<ErrorCode> All => ErrorCatalogue.Of(typeof(TokenErrors));
}
