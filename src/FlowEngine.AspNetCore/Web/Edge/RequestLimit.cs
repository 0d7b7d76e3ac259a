using FlowEngine.AspNetCore.Engine;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>Shared and immutable: how large a request's body may be.</summary>
/// <param name="Bytes">Of somebody who is known, in bytes.</param>
/// <param name="AnonymousBytes">Of anybody else: what a start or submission brings is stored with its run.</param>
internal sealed record RequestLimit(int Bytes, int AnonymousBytes)
{
    private const int Default = 256 * 1024;
    private const int AnonymousDefault = 16 * 1024;

    /// <summary>The limits of the settings <c>Api:MaxRequestBytes</c>, default
    /// 256 KiB, and <c>Api:MaxAnonymousBytes</c>, default 16 KiB.</summary>
    /// <exception cref="SettingsException">A setting is no positive whole number.</exception>
    public static RequestLimit Of(ServerSettings settings) =>
        new(settings.Whole("Api:MaxRequestBytes", Default), settings.Whole("Api:MaxAnonymousBytes", AnonymousDefault));

    /// <summary>Beyond this many bytes the connection is closed without further reading.</summary>
    public long HardBytes => HardBytesOf(Math.Max(Bytes, AnonymousBytes));

    /// <summary>The same for a request that may have this many.</summary>
    public static long HardBytesOf(int bytes) => 4L * bytes;
}
