using FlowEngine.Execution;
using FlowEngine.Settings;

namespace FlowEngine.Activities;

/// <summary>
/// Describes an activity type. What stands here, in its <see cref="WritesAttribute"/>s and at its settings is all that the compiler, the
/// JSON Schema, golden
/// cases and the designer know of it: nobody asks for a type's name.
/// </summary>
/// <param name="type">The type's name in flow files, such as <c>GenericHttp</c>.</param>
/// <param name="description">What it does, in a sentence.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ActivityAttribute(string type, string description) : Attribute
{
    /// <summary>The type's name.</summary>
    public string Type { get; } = type;

    /// <summary>What it does.</summary>
    public string Description { get; } = description;

    /// <summary>The palette's group. Default "Custom".</summary>
    public string Category { get; set; } = "Custom";

    /// <summary>
    /// The outcomes that it has whatever its settings say. Default <c>Done</c>. Settings add more by <see cref="AddsOutcomesAttribute"/>;
    /// who overrides
    /// <see cref="FlowActivity.Outcomes"/> gives the same there.
    /// </summary>
    public string[] Outcomes { get; set; } = ["Done"];

    /// <summary>Those of the outcomes that need no connection: a run that takes one without fails. Default none.</summary>
    public string[] OptionalOutcomes { get; set; } = [];

    /// <summary>The error events, each of which a flow can set to automatic, custom
    /// or ignore. Default none. An unexpected exception counts as the last.</summary>
    public string[] ErrorEvents { get; set; } = [];

    /// <summary>Whether a flow can set error events to ignore, which goes on
    /// by the first outcome as if all had gone well. Default true.</summary>
    public bool MayIgnoreErrors { get; set; } = true;

    /// <summary>Whether the activity may be a branch of Parallel, or the one of a ForEach. Default false.</summary>
    public bool CanRunInParallel { get; set; }

    /// <summary>
    /// Whether it may stand in a flow that runs as a branch, beside others of the same run. Default false: who says nothing stays out.
    /// What can be a branch
    /// itself may.
    /// </summary>
    public bool MayShare { get; set; }

    /// <summary>
    /// The icon: the name of one of the designer's icons (docs/custom-activity.md lists them), or a path of SVG within 24 by 24, drawn as
    /// a line of width 2.
    /// Default <c>puzzle</c>.
    /// </summary>
    public string Icon { get; set; } = "puzzle";

    /// <summary>The colour that the designer draws it in. Default <see cref="ActivityTone.Http"/>.</summary>
    public ActivityTone Tone { get; set; } = ActivityTone.Http;

    /// <summary>What the id of a new one begins with, such as <c>lookup</c>. Default the type's name with a small letter.</summary>
    public string? Stem { get; set; }

    /// <summary>
    /// One line on the canvas that says what an activity does, made of its settings, such as <c>{method} {endpoint}</c>. Default its
    /// description. Texts separated
    /// by <c>|</c> are alternatives: the first counts whose holes all have a value. A hole is <c>{name}</c>, the setting or its default;
    /// <c>{name?}</c>, only
    /// what the file says; <c>{name.member}</c>, a member, of a list that of each element; <c>{name#one,many}</c>, how many elements;
    /// <c>{name=value}</c>
    /// shows nothing and asks for that value. An object shows its names, a screen's id its title.
    /// </summary>
    public string? Summary { get; set; }

    /// <summary>How a step of it is shown in a run: one of <see cref="TraceViews"/>. Null (the default) shows what it was given and what
    /// it gave.</summary>
    public string? Trace { get; set; }

    /// <summary>
    /// The settings class that describes a scripted reply, for what takes one from <see cref="Execution.RunContext.Replies"/>: golden
    /// cases and tries stand in for
    /// a connector with it. Its members have the names that they have in the activity's result; one that is at its default is left out,
    /// and a result without a
    /// required one was an error. Default null: it calls nobody.
    /// </summary>
    public Type? Reply { get; set; }

    /// <summary>The outcome that says that what was entered last is the right secret, so that a recorded case can make a hash of it.
    /// Default null.</summary>
    public string? ConfirmsBy { get; set; }
}

/// <summary>The colours of activities in the designer.</summary>
public enum ActivityTone
{
    /// <summary>What a person sees.</summary>
    Screen,

    /// <summary>What calls something elsewhere.</summary>
    Http,

    /// <summary>What reads or stores data.</summary>
    Data,

    /// <summary>What decides the way.</summary>
    Logic,

    /// <summary>What computes.</summary>
    Script,

    /// <summary>Who the person is.</summary>
    User,

    /// <summary>What ends something.</summary>
    End,
}

/// <summary>How a step can be shown in a run.</summary>
public static class TraceViews
{
    /// <summary>A request (<c>method</c>, <c>url</c>, <c>headers</c>, <c>body</c>) and its answer (<c>statusCode</c>, <c>headers</c>,
    /// <c>body</c>).</summary>
    public const string Exchange = "exchange";

    /// <summary>A statement (<c>connector</c>, <c>query</c>, <c>parameters</c>), or several (<c>statements</c>, each with
    /// <c>query</c> and <c>parameters</c>), and the result.</summary>
    public const string Statement = "statement";
}

/// <summary>
/// Says one place of the context that an activity writes, for the designer's suggestions and to know which roots it touches. What can
/// have a value where is the
/// compiler's to tell, by <see cref="FlowActivity.WritesByOutcome"/>.
/// </summary>
/// <param name="path">
/// The place, such as <c>scripts.tier</c> or <c>connectors.{contextKey}.statusCode</c>: <c>{name}</c> is the setting's value, or the
/// activity's id. At its end
/// <c>.*</c> stands for every member that <see cref="MembersOf"/> names; where that is a list, <c>[]</c> stands for each of its elements.
/// </param>
/// <param name="description">What stands there.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class WritesAttribute(string path, string description) : Attribute
{
    /// <summary>The place.</summary>
    public string Path { get; } = path;

    /// <summary>What stands there.</summary>
    public string Description { get; } = description;

    /// <summary>
    /// The setting that names the members: an object its own names, SQL its columns, JavaScript what it returns, a screen its inputs.
    /// Needed where the path
    /// ends in <c>.*</c> or has <c>[]</c>.
    /// </summary>
    public string? MembersOf { get; set; }

    /// <summary>The setting that, where it is given, has something else written in place of this; null (the default) for none.</summary>
    public string? Unless { get; set; }

    /// <summary>The setting without which it is not written; null (the default) for none.</summary>
    public string? With { get; set; }

    /// <summary>What a condition on it tells of a failure. Default nothing.</summary>
    public Telling Tells { get; set; }
}

/// <summary>What only the engine's own activities do to a run; no other can.</summary>
[Flags]
internal enum Steering
{
    None = 0,

    /// <summary>The run waits in it for a person.</summary>
    Waits = 1,

    /// <summary>It enters another flow.</summary>
    Enters = 2,

    /// <summary>It begins the flow anew.</summary>
    Restarts = 4,

    /// <summary>It ends the flow.</summary>
    Ends = 8,
}

/// <summary>Says what an activity of the engine does to the run.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SteersAttribute(Steering steering) : Attribute
{
    public Steering Steering { get; } = steering;
}
