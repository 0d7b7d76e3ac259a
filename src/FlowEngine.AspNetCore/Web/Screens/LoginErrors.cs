using FlowEngine.Errors;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Shared and immutable: why a hosted login does not begin. The page
/// shows the code; what to do is for the people who run the application.</summary>
internal static class LoginErrors
{
    /// <summary>The address cannot be used.</summary>
    public static readonly ErrorCode Query = new(
        "login.query",
        "A parameter of the login's address stands there twice.",
        "Send redirect_uri, state, locale, code_challenge and code_challenge_method once each."
    );

    /// <summary>The return address is not on the list.</summary>
    public static readonly ErrorCode Redirect = new(
        "login.redirect",
        "The redirect_uri is not one that the flow allows.",
        "Add the whole address to the flow's redirectUris; it is compared character by character."
    );

    /// <summary>There is no challenge, or not one of the only method.</summary>
    public static readonly ErrorCode Pkce = new(
        "login.pkce",
        "The login's address has a redirect_uri without a code_challenge, or one that is not S256.",
        "Send code_challenge, the base64url SHA-256 of a random code_verifier, with "
            + "code_challenge_method=S256; set the flow's requirePkce to false only for an application that cannot."
    );

    /// <summary>No person visits the address.</summary>
    public static readonly ErrorCode Visit = new(
        "login.visit",
        "The login's address was asked for as something else than a page: as "
            + "an image, a style sheet, a script, or by a script of another site.",
        "Send the person to the login's address, or show it in a frame; where a page needs a login of its own, use the web component."
    );

    /// <summary>All of them, in the order declared.</summary>
    public static IReadOnlyList<ErrorCode> All => ErrorCatalogue.Of(typeof(LoginErrors));
}
