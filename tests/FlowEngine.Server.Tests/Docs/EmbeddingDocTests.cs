using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using FlowEngine.AspNetCore;
using FlowEngine.Settings;
using FlowEngine.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FlowEngine.Server.Tests.Docs;

/// <summary>That docs/embedding.md says what there is. <see cref="Packages.PackageTests"/> compile its C# against the packages, and run the
/// program.</summary>
public sealed class EmbeddingDocTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "embedding.md"));

    /// <summary>The page's snippets in a language.</summary>
    internal static List<string> Snippets(string language) =>
        [.. Regex.Matches(Text, $"```{language}\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value)];

    [Fact]
    public void Configuration_IsReadAsThePageSays()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(Assert.Single(Snippets("json")))));
        builder.Services.AddFlowEngine();
        using var services = builder.Services.BuildServiceProvider();

        var options = services.GetRequiredService<IOptions<FlowEngineOptions>>().Value;

        Assert.Equal(("logins", "env:FLOWENGINE_DATABASE"), (options.Flows, options.Database));
        Assert.Equal("https://shop.example.com/auth/default", options.Tokens.Issuer?.OriginalString);
        Assert.Equal(["https://app.example.com"], options.Cors.Origins);
    }

    [Fact]
    public void Options_AllButTheSettings_AreDescribed() =>
        Assert.All(
            typeof(FlowEngineOptions).GetProperties().Where(option => option.GetCustomAttribute<SettingAttribute>() is null),
            option => Assert.Contains($"| `{option.Name}` |", Text, StringComparison.Ordinal)
        );
}
