namespace FlowEngine.Activities;

/// <summary>Shared and immutable: the activity types that need no connector (SPEC 6).</summary>
internal static class BuiltInActivities
{
    public static IReadOnlyList<ActivityType> All { get; } =
    [
        ActivityType.Of<ScreenActivity, ScreenSettings>(
            (settings, compilation) => new ScreenActivity(compilation.Screen(settings.Screen), settings.MaxSubmits)
        ),
        ActivityType.Of<Condition, ConditionSettings>((settings, compilation) => new Condition(settings, compilation)),
        ActivityType.Of<Scriptlet, ScriptletSettings>((settings, compilation) => new Scriptlet(settings, compilation)),
        ActivityType.Of<SetUser, SetUserSettings>((settings, _) => new SetUser(settings)),
        ActivityType.Of<VerifyPassword, VerifyPasswordSettings>((settings, compilation) => new VerifyPassword(settings, compilation)),
        ActivityType.Of<CustomClaims, CustomClaimsSettings>((settings, compilation) => new CustomClaims(settings, compilation)),
        ActivityType.Of<Subflow, SubflowSettings>((settings, compilation) => new Subflow(settings, compilation)),
        ActivityType.Of<Parallel, ParallelSettings>((settings, compilation) => new Parallel(settings, compilation)),
        ActivityType.Of<ForEach, ForEachSettings>((settings, compilation) => new ForEach(settings, compilation)),
        ActivityType.Of<Restart, RestartSettings>((settings, _) => new Restart(settings)),
        ActivityType.Of<End, EndSettings>((settings, _) => new End(settings)),
    ];
}
