using FlowEngine.Activities;
using FlowEngine.AspNetCore.Engine.Extensions;
using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Hosting;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Extensions;
using FlowEngine.Settings;
using FlowEngine.TestServers;
using Microsoft.Extensions.DependencyInjection;

namespace FlowEngine.AspNetCore.Tests.Engine.Extensions;

/// <summary>One line of code registers an extension in a program that has FlowEngine in it.</summary>
public sealed class AddExtensionTests
{
    [Fact]
    public async Task AddExtension_WhatItBrings_IsThere()
    {
        await using var shop = await EmbeddedProgram.StartAsync("/auth", options => options.AddExtension<Greetings>());
        var services = shop.App.Services.GetRequiredService<EngineService>().Services;

        Assert.NotNull(services.GetRequiredService<FlowCatalogue>().Activities.Find("Greet"));
        var info = Assert.Single(services.GetRequiredService<ExtensionSet>().All);
        Assert.Equal(("FlowEngine.AspNetCore.Tests", null, "activity Greet"), (info.Name, info.File, Assert.Single(info.Brings)));
    }

    public sealed class Greetings : FlowEngineExtension
    {
        public override void Register(ExtensionParts parts) =>
            parts.Add(ActivityType.Of<Greet, GreetSettings>((settings, _) => new Greet(settings)));
    }

    private sealed class GreetSettings
    {
        [Setting("The words.")]
        public string Words { get; set; } = "Hello";
    }

    [Activity("Greet", "Greets.")]
    private sealed class Greet(GreetSettings settings) : FlowActivity
    {
        public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
        {
            context.SetScript("greeting", FlowValue.From(settings.Words));
            return new(Outcome.Success);
        }
    }
}
