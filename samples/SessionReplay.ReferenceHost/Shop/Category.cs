namespace SessionReplay.ReferenceHost.Shop;

public sealed record Category(string Slug, string Name, string Line);
