using Microsoft.Data.Sqlite;
using SessionReplay.Sqlite;

namespace SessionReplay.Shared.Tests.Sqlite;

public sealed class SqliteErrorsTests
{
    public static TheoryData<int, bool> Codes => new()
    {
        { 1, false }, { 2, false }, { 3, true }, { 4, false }, { 5, true }, { 6, true }, { 7, true }, { 8, true },
        { 9, true }, { 10, true }, { 11, true }, { 12, false }, { 13, true }, { 14, true }, { 15, true }, { 17, true },
        { 18, false }, { 19, false }, { 20, false }, { 21, false }, { 22, true }, { 23, true }, { 25, false }, { 26, true },
    };

    [Theory]
    [MemberData(nameof(Codes))]
    public void IsOutage_ResultCode_IsSoOnlyWhereTheValueIsNotAtFault(int code, bool isOutage) =>
        Assert.Equal(isOutage, SqliteErrors.IsOutage(new SqliteException("x", code, code)));

    [Fact]
    public void IsOutage_FileOrRights_IsOne()
    {
        Assert.True(SqliteErrors.IsOutage(new IOException()));
        Assert.True(SqliteErrors.IsOutage(new UnauthorizedAccessException()));
        Assert.False(SqliteErrors.IsOutage(new InvalidOperationException()));
    }

    [Fact]
    public void Refused_TextOfSqlite_IsLeftOut() =>
        Assert.DoesNotContain("secret", SqliteErrors.Refused(new SqliteException("secret", 19, 2067)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(5, "Another process")]
    [InlineData(8, "cannot be written")]
    [InlineData(11, "damaged")]
    [InlineData(13, "disk is full")]
    [InlineData(14, "cannot be opened")]
    [InlineData(26, "damaged")]
    public void Explain_KnownCode_SaysWhatToDo(int code, string expected) =>
        Assert.Contains(expected, SqliteErrors.Explain(new SqliteException("x", code, code)), StringComparison.Ordinal);
}
