using FlowEngine.AspNetCore.Runs;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Storage;
using FlowEngine.Storage.Protection;

namespace FlowEngine.AspNetCore.Tokens;

/// <summary>Shared and immutable: the tokens of a login and the family to store
/// with its run. Nobody may get the tokens before the family is stored.</summary>
/// <param name="Tokens">The tokens.</param>
/// <param name="Family">For <see cref="RunExtras.Login"/>.</param>
internal sealed record NewLogin(IssuedTokens Tokens, RefreshFamily Family);

/// <summary>Shared and immutable: the answer to a refresh token.</summary>
/// <param name="Tokens">New tokens; null when it was refused.</param>
/// <param name="User">The person, <c>user.*</c>.</param>
/// <param name="Claims">The custom claims.</param>
/// <param name="Problem">Why it was refused: one of <see cref="TokenErrors"/>; null when it was not.</param>
internal sealed record RefreshAnswer(IssuedTokens? Tokens, FlowValue User, FlowValue Claims, ErrorCode? Problem)
{
    /// <summary>A refusal.</summary>
    public static RefreshAnswer Refused(ErrorCode problem) => new(null, default, default, problem);
}

/// <summary>
/// Per process, thread-safe: the tokens of logins. A refresh token can be used once (RFC 9700, 4.14.2): it is exchanged for a session token
/// and the next refresh token, and one that comes a second time ends the login, because one of the two who sent it has stolen it.
/// </summary>
/// <remarks>
/// A person with two tabs, or whose answer was lost, sends a token twice without malice. The second gets what the first got: the same
/// successor, computed from the token and the root key, for as long as nobody has used that successor. So a family never has two living
/// branches, and whoever stole a token shares one with its owner: as soon as one of them is a token ahead, the other's is reuse. Who always
/// comes second, long after the first, is betrayed after <see cref="TokenRules.LateRepeats"/> tokens (decision 17).
/// </remarks>
internal sealed class TokenService
{
    private readonly SigningKeys _keys;
    private readonly TokenIssuer _issuer;
    private readonly RefreshFamilies _families;
    private readonly Vault _vault;
    private readonly RunSeals _seals;
    private readonly byte[] _codeKey;
    private readonly byte[] _successorKey;
    private readonly TokenRules _options;
    private readonly TimeProvider _time;

    /// <summary>Makes the service.</summary>
    public TokenService(SigningKeys keys, ServerStorage storage, TokenRules options, TimeProvider time)
    {
        _keys = keys;
        _issuer = new TokenIssuer(() => keys.Current, options.Issuer, options.Audience, time);
        _families = storage.RefreshFamilies;
        _vault = storage.Vaults.Of("refresh families");
        _seals = storage.Seals;
        _codeKey = storage.RootKey.Derive("refresh token code");
        _successorKey = storage.RootKey.Derive("refresh token successor");
        _options = options;
        _time = time;
    }

    /// <summary>Issues the first tokens of a login. Nothing is stored yet.</summary>
    public NewLogin Issue(SessionContent content)
    {
        var now = _time.GetUtcNow();
        var token = RefreshToken.New();
        var family = new RefreshFamily
        {
            Id = token.Family,
            Subject = _seals.HashOf(content.Subject),
            SealedContent = _vault.Seal(content.ToUtf8()),
            CurrentHash = SecretHash.Of(token.Id),
            CreatedAt = now,
            RotatedAt = now,
            ExpiresAt = now.AddDays(content.RefreshDays),
        };
        return new NewLogin(Write(content, token), family);
    }

    /// <summary>Exchanges a refresh token.</summary>
    /// <exception cref="StorageException">The database does not answer. The token may be sent again, however long it takes.</exception>
    public async Task<RefreshAnswer> RefreshAsync(string refreshToken, CancellationToken cancellationToken)
    {
        var (token, problem) = await ReadAsync(refreshToken, cancellationToken);
        if (token is null)
            return RefreshAnswer.Refused(problem!);

        var next = token.Next(_successorKey);
        var family = await _families.RotateAsync(token.Family, SecretHash.Of(token.Id), SecretHash.Of(next.Id), cancellationToken);
        if (family is null)
        {
            family = await _families.FindAsync(token.Family, cancellationToken);
            if (await CheckAgainAsync(token, family, cancellationToken) is { } refusal)
                return RefreshAnswer.Refused(refusal);
        }

        var content = SessionContent.FromUtf8(_vault.Open(family!.SealedContent));
        return new RefreshAnswer(Write(content, next), content.User, content.Claims, null);
    }

    /// <summary>Ends the login that a refresh token belongs to, also when the token itself was exchanged already.</summary>
    /// <param name="refreshToken">The token.</param>
    /// <param name="everywhere">Whether all logins of the person end.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>Why it was refused; null when the login has ended, now or before.</returns>
    public async Task<ErrorCode?> LogoutAsync(string refreshToken, bool everywhere, CancellationToken cancellationToken)
    {
        var (token, problem) = await ReadAsync(refreshToken, cancellationToken);
        if (token is null)
            return problem;
        if (!everywhere)
        {
            await _families.RevokeAsync(token.Family, "logout", cancellationToken);
            return null;
        }

        // A token of a login that ended must not end the others.
        if (await _families.FindAsync(token.Family, cancellationToken) is not { RevokedAt: null } family)
            return TokenErrors.Revoked;
        var subject = SessionContent.FromUtf8(_vault.Open(family.SealedContent)).Subject;
        await _families.RevokeAllAsync(_seals.HashOf(subject), subject, "logout", cancellationToken);
        return null;
    }

    /// <summary>Why a token that is not its family's current one is refused; null
    /// when it is the one before it, whose answer may have been lost.</summary>
    private async Task<ErrorCode?> CheckAgainAsync(RefreshToken token, RefreshFamily? family, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (family is null || family.ExpiresAt <= now)
            return TokenErrors.Expired;
        if (family.RevokedAt is not null)
            return TokenErrors.Revoked;
        if (family.PreviousHash == SecretHash.Of(token.Id) && await MayRepeatAsync(family, now, cancellationToken))
            return null;
        await _families.RevokeAsync(family.Id, "reuse", cancellationToken);
        return TokenErrors.Reused;
    }

    /// <summary>Whether the token before the current one is answered again. The
    /// current one was never used, or there would be another before it.</summary>
    private async Task<bool> MayRepeatAsync(RefreshFamily family, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now - family.RotatedAt > _options.RefreshGrace)
        {
            return _options.LateRepeats > 0
                && await _families.RepeatLateAsync(family.Id, family.PreviousHash!, _options.LateRepeats, cancellationToken) is not null;
        }
        // A thief who is quick now and then must not have the late ones forgotten.
        await _families.RepeatSoonAsync(family.Id, family.PreviousHash!, cancellationToken);
        return true;
    }

    /// <summary>What somebody sent, or why it is none of ours.</summary>
    private async ValueTask<(RefreshToken? Token, ErrorCode? Problem)> ReadAsync(string text, CancellationToken cancellationToken) =>
        RefreshToken.Read(text, _codeKey) is { } token
            ? (token, null)
            : await FormerRefreshToken.ReadAsync(text, _keys, _options.Issuer, _time, cancellationToken);

    private IssuedTokens Write(SessionContent content, RefreshToken refresh)
    {
        var session = _issuer.Issue(content, out var expiresAt);
        return new IssuedTokens(session, refresh.Write(_codeKey), expiresAt);
    }
}
