using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Settings;

namespace FlowEngine.Tests.Settings;

/// <summary>A setting that chooses between variants, each with settings of its own.</summary>
public sealed class SettingVariantTests
{
    private static readonly SettingVariant Walk = new("walk", "On foot", "How far.", typeof(WalkSettings)) { IsFlat = true };
    private static readonly SettingVariant Ride = new("ride", "By bike", "Which one.", typeof(RideSettings));
    private static readonly SettingVariant Swim = new("swim", "In water", "How far.", typeof(SwimSettings)) { IsFlat = true };

    private static readonly SettingsDescriptor Way = SettingsDescriptor.Choosing(typeof(WaySettings), "by", [Walk, Ride, Swim]);

    private static readonly SettingsDescriptor Trip = SettingsDescriptor.Of(typeof(TripSettings)).With("way", Way);

    [Fact]
    public void Settings_StandBehindTheOneThatChoosesThem()
    {
        Assert.Equal(["by", "metres", "boots", "ride", "depth", "note"], Way.Settings.Select(setting => setting.Name));
        Assert.Equal(["walk", "ride", "swim"], Way.Find("by")!.Choices);
        Assert.Equal(["On foot", "By bike", "In water"], Way.Find("by")!.Options.Select(option => option.Label));
        Assert.Equal(["walk", "swim"], Way.Find("metres")!.Condition!.Values);
        Assert.Equal("by", Way.Find("ride")!.Condition!.Setting);
        Assert.Null(Way.Find("note")!.Condition);
        Assert.Equal(SettingKind.Secret, Way.Find("ride")!.Nested!.Value.Find("lock")!.Kind);
    }

    [Theory]
    [InlineData("""{ "by": "walk", "metres": 5, "boots": true, "note": "x" }""")]
    [InlineData("""{ "by": "swim", "metres": 5, "depth": 2 }""")]
    [InlineData("""{ "by": "ride", "ride": { "lock": "env:LOCK" } }""")]
    [InlineData("""{ "metres": 3 }""")]
    // What another variant says is looked at, but not missed.
    [InlineData("""{ "by": "ride", "ride": { "lock": "x" }, "metres": 7 }""")]
    public void Bind_TheChosenOne_HasItsSettings(string json)
    {
        var way = Bind(json, out var problems);

        Assert.Empty(problems);
        var expected = way.By switch
        {
            "ride" => typeof(RideSettings),
            "swim" => typeof(SwimSettings),
            _ => typeof(WalkSettings),
        };
        Assert.IsType(expected, way.Variant);
    }

    [Theory]
    [InlineData("""{ "by": "fly" }""", "flow.value", "/way/by")]
    [InlineData("""{ "by": "walk" }""", "flow.required", "/way/metres")]
    [InlineData("""{ "by": "ride" }""", "flow.required", "/way/ride/lock")]
    [InlineData("""{ "by": "ride", "ride": "x" }""", "flow.type", "/way/ride")]
    [InlineData("""{ "by": "walk", "metres": 5, "ride": {} }""", "flow.required", "/way/ride/lock")]
    [InlineData("""{ "by": "walk", "metres": 5, "depth": "x" }""", "flow.type", "/way/depth")]
    [InlineData("""{ "by": "walk", "metres": 5, "booots": true }""", "flow.unknown_setting", "/way/booots")]
    public void Bind_WhatIsWrong_IsToldOnceAtItsPlace(string json, string code, string pointer)
    {
        Bind(json, out var problems);

        var problem = Assert.Single(problems, one => one.Code != "flow.required" || code == "flow.required");
        Assert.Equal((code, pointer), (problem.Code, problem.Pointer));
    }

    [Fact]
    public void Choosing_TwoThatDisagree_IsRefused()
    {
        var other = new SettingVariant("crawl", "Crawling", "How far.", typeof(CrawlSettings)) { IsFlat = true };

        Assert.Throws<ArgumentException>(() => SettingsDescriptor.Choosing(typeof(WaySettings), "by", [Walk, Walk]));
        Assert.Throws<ArgumentException>(() => SettingsDescriptor.Choosing(typeof(WaySettings), "by", [Walk, other]));
        Assert.Throws<ArgumentException>(() =>
            SettingsDescriptor.Choosing(typeof(WaySettings), "by", [new SettingVariant("note", "Note", "", typeof(RideSettings))])
        );
    }

    private static WaySettings Bind(string json, out IReadOnlyList<Diagnostic> problems)
    {
        var bag = new DiagnosticBag();
        FlowValue.Parse($$"""{ "way": {{json}} }""").TryGetObject(out var trip);
        var settings = (TripSettings)Trip.Bind(trip!, SourceLocation.Root(null), bag);
        problems = bag.Items;
        return settings.Way;
    }

    private sealed class TripSettings
    {
        [Setting("The way.")]
        public WaySettings Way { get; set; } = new();
    }

    private sealed class WaySettings : VariantSettings
    {
        [Setting("How.")]
        public string By { get; set; } = "walk";

        [Setting("A note.")]
        public string Note { get; set; } = "";
    }

    private sealed class WalkSettings
    {
        [Setting("How far.", Required = true)]
        public int Metres { get; set; }

        [Setting("With boots.")]
        public bool Boots { get; set; }
    }

    private sealed class SwimSettings
    {
        [Setting("How far.", Required = true)]
        public int Metres { get; set; }

        [Setting("How deep.")]
        public int Depth { get; set; }
    }

    private sealed class CrawlSettings
    {
        [Setting("How far.")]
        public Secret? Metres { get; set; }
    }

    private sealed class RideSettings
    {
        [Setting("The key of its lock.", Required = true)]
        public Secret Lock { get; set; } = new("");
    }
}
