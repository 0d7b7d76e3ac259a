using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Tokens;

/// <summary>Stateless: gives the tokens to a host.</summary>
internal static class TokenSetup
{
    /// <summary>Adds keys and tokens.</summary>
    /// <param name="services">The host's services, which have a <see cref="TimeProvider"/>.</param>
    /// <param name="keys">The keys, opened.</param>
    /// <param name="storage">The storage, opened.</param>
    /// <param name="options">How tokens are issued.</param>
    public static IServiceCollection AddTokens(
        this IServiceCollection services,
        SigningKeys keys,
        ServerStorage storage,
        TokenRules options
    )
    {
        services.AddSingleton(keys);
        services.AddSingleton(provider => new TokenService(keys, storage, options, provider.GetRequiredService<TimeProvider>()));
        return services.AddHostedService<SigningKeyService>();
    }
}
