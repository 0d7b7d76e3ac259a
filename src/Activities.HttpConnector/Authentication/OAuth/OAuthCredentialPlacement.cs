using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Authentication.OAuth;

/// <summary>Shared and immutable. Where a token request carries the client's
/// id and secret (<c>authStyle</c>), RFC 6749 section 2.3.1.</summary>
public enum OAuthCredentialPlacement
{
    /// <summary>HTTP Basic, id and secret form-encoded first.</summary>
    Header,

    /// <summary>The form fields <c>client_id</c> and <c>client_secret</c>.</summary>
    Body,

    /// <summary>Nowhere: the body has a statement that the client signs (RFC 7523).</summary>
    Assertion,
}
