namespace SessionReplay.EndToEnd;

/// <summary>The shop is visited once for all tests of the collection.</summary>
[CollectionDefinition(Name)]
public sealed class RecordedShopCollection : ICollectionFixture<RecordedShop>
{
    public const string Name = "Recorded shop";
}
