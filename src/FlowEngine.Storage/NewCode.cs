namespace FlowEngine.Storage;

/// <summary>Shared and immutable: a one-time code that is not stored yet, see <see cref="RunExtras.Code"/>.</summary>
/// <param name="Text">The code, which is stored nowhere.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="SealedContent">What it stands for, encrypted.</param>
/// <param name="ExpiresAt">When it is over.</param>
internal sealed record NewCode(string Text, string Hash, byte[] SealedContent, UnixTime ExpiresAt);
