using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using FlowEngine.Context;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>Shared and immutable: what the members of a body have to be, found once from how its record declares them.</summary>
internal sealed class BodyCheck
{
    /// <summary>The longest short text that is looked at.</summary>
    public const int MaxShortLength = 256;

    // Kept for as long as what it is made of.
    private static readonly ConditionalWeakTable<JsonTypeInfo, BodyCheck> Known = [];

    private readonly Member[] _members;

    private BodyCheck(JsonTypeInfo type) => _members = [.. type.Properties.Where(property => property.Get is not null).Select(MemberOf)];

    /// <summary>What a text may be.</summary>
    private enum TextRule
    {
        NotEmpty,
        Short,
        Note,
        Content,
    }

    /// <summary>That of a record.</summary>
    public static BodyCheck Of(JsonTypeInfo type) => Known.GetValue(type, static type => new BodyCheck(type));

    /// <summary>Finds the first member that is not what it has to be: one that has to be there is, and texts are what they have to
    /// be.</summary>
    /// <param name="body">The record.</param>
    /// <param name="pointer">The JSON Pointer of the member.</param>
    /// <param name="what">What it has to be.</param>
    public bool IsWrong(object body, out string pointer, out string what)
    {
        foreach (var member in _members)
        {
            switch (member.Get(body))
            {
                case null when member.IsRequired:
                    (pointer, what) = ("/" + member.Name, member.Missing);
                    return true;
                case string text when !IsAccepted(text, member):
                    (pointer, what) = ("/" + member.Name, member.Kind);
                    return true;
                case { } value when member.Inner is { } inner && Of(inner).IsWrong(value, out var behind, out what):
                    pointer = $"/{member.Name}{behind}";
                    return true;
            }
        }
        (pointer, what) = ("", "");
        return false;
    }

    /// <summary>What a member has to be, for people.</summary>
    public static string KindOf(JsonPropertyInfo property) =>
        Has<ShortTextAttribute>(property) ? $"a text of at most {MaxShortLength} characters"
        : property.PropertyType == typeof(string) ? "a text"
        : property.PropertyType == typeof(long?) || property.PropertyType == typeof(long) ? "a whole number"
        : "an object";

    private static Member MemberOf(JsonPropertyInfo property)
    {
        var isNullable = property.AssociatedParameter?.IsNullable ?? property.IsSetNullable;
        var isRecord = property.PropertyType.Namespace?.StartsWith("FlowEngine.AspNetCore", StringComparison.Ordinal) == true;
        return new Member(
            property.Name,
            property.Get!,
            KindOf(property),
            property.PropertyType == typeof(string) ? "a text" : KindOf(property),
            Has<ContentAttribute>(property) ? TextRule.Content
                : Has<NoteAttribute>(property) ? TextRule.Note
                : Has<ShortTextAttribute>(property) ? TextRule.Short
                : TextRule.NotEmpty,
            !isNullable && property.PropertyType != typeof(FlowValue),
            isNullable,
            isRecord ? property.Options.GetTypeInfo(property.PropertyType) : null
        );
    }

    private static bool Has<T>(JsonPropertyInfo property)
        where T : Attribute => property.AssociatedParameter?.AttributeProvider?.IsDefined(typeof(T), false) == true;

    // No database takes a NUL.
    private static bool IsAccepted(string text, Member member) =>
        member.Rule switch
        {
            TextRule.Content => true,
            TextRule.Note => IsPlain(text),
            TextRule.Short => IsPlain(text) && text.Length <= MaxShortLength && (text.Length > 0 || member.MayBeEmpty),
            _ => IsPlain(text) && text.Length > 0,
        };

    private static bool IsPlain(string text) => !text.Contains('\0', StringComparison.Ordinal);

    /// <summary>Shared and immutable: a member.</summary>
    /// <param name="Name">Its name in JSON.</param>
    /// <param name="Get">Reads it.</param>
    /// <param name="Kind">What it has to be, for people.</param>
    /// <param name="Missing">The same, where it is not there.</param>
    /// <param name="Rule">What its text may be.</param>
    /// <param name="IsRequired">Whether it has to be there.</param>
    /// <param name="MayBeEmpty">Whether a short text may be empty.</param>
    /// <param name="Inner">The record that it is; null for what is none.</param>
    private sealed record Member(
        string Name,
        Func<object, object?> Get,
        string Kind,
        string Missing,
        TextRule Rule,
        bool IsRequired,
        bool MayBeEmpty,
        JsonTypeInfo? Inner
    );
}
