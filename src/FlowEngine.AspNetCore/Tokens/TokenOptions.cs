using FlowEngine.Settings;

namespace FlowEngine.AspNetCore.Tokens;

/// <summary>Set while a program starts, then read only: the section <c>Tokens</c>, how tokens are issued.</summary>
public sealed record TokenOptions
{
    /// <summary>The claim <c>iss</c>: the server's public URL and the project id, as in <c>https://login.example.com/default</c>. Default
    /// null: the address that is served on, and the project.</summary>
    /// <remarks>The published clients accept a token when the last or last but one segment of its issuer is their project id.</remarks>
    [Setting(
        "`iss` of tokens: the server's public URL and the project id, as in `https://login.example.com/default`.",
        Otherwise = "the first of `--urls` and the project id"
    )]
    public Uri? Issuer { get; set; }

    /// <summary>For the command <c>run</c> alone: the private key that signs its tokens, as PEM. Default null: a new one for each
    /// run.</summary>
    [Setting(
        "For the command `run` alone: the private key that signs its tokens: PEM, `env:NAME` or `file:PATH`. `serve` keeps keys of its own.",
        Otherwise = "a new one for each `run`"
    )]
    public Secret? SigningKey { get; set; }
}
