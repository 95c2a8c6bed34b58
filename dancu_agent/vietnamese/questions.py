"""What is said of questions and files that cannot be sent."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "The question cannot be read: %(reason)s.": "Không đọc được câu hỏi: %(reason)s.",
    "give one JSON object in UTF-8, see `dancu-agent ask --help`": (
        "đưa một đối tượng JSON dạng UTF-8, xem `dancu-agent ask --help`"
    ),
    "A question is a JSON object.": "Câu hỏi phải là một đối tượng JSON.",
    "see `dancu-agent ask --help`": "xem `dancu-agent ask --help`",
    "There is no such field in a question.": "Câu hỏi không có trường này.",
    "take it out; known are: %(known)s": "hãy bỏ đi; các trường hợp lệ: %(known)s",
    "The question has no purpose.": "Câu hỏi chưa có mục đích.",
    "Nobody is asked about without a purpose.": "Không hỏi về ai mà không nêu mục đích.",
    "name one of the contract's purposes, or set `purpose` in agent.toml": (
        "nêu một mục đích trong thỏa thuận kết nối, hoặc đặt `purpose` trong agent.toml"
    ),
    "A look-up needs the number of the dossier or case it is for.": (
        "Tra cứu cần có số hồ sơ hoặc vụ việc."
    ),
    "add it as `case`": "thêm vào trường `case`",
    "The kind %(kind)s is not known.": "Không có loại câu hỏi %(kind)s.",
    "write verification or lookup": "viết verification (xác thực) hoặc lookup (tra cứu)",
    "This must be text.": "Chỗ này phải là chữ.",
    "write it in quotes": "viết trong dấu ngoặc kép",
    "The text is longer than %(most)d characters or holds control characters.": (
        "Nội dung dài quá %(most)d ký tự hoặc có ký tự điều khiển."
    ),
    "shorten or clean it": "rút ngắn hoặc làm sạch",
    "The user's name goes into a header, which holds ASCII without spaces only.": (
        "Tên người dùng nằm trong tiêu đề, chỉ chứa ký tự ASCII không dấu cách."
    ),
    "send the officer's sign-in name without accents": ("gửi tên đăng nhập của cán bộ, không dấu"),
    "The questions are a list.": "Các câu hỏi có/không phải là một danh sách.",
    "write [ … ]": "viết [ … ]",
    "Each question is an object that names itself.": (
        "Mỗi câu hỏi có/không là một đối tượng có tên."
    ),
    'write for example {"question": "is_at_least", "years": 18}': (
        'viết ví dụ {"question": "is_at_least", "years": 18}'
    ),
    "A look-up names the attributes it wants.": "Tra cứu phải nêu các trường thông tin cần lấy.",
    'write for example ["permanent_residence"]': 'viết ví dụ ["permanent_residence"]',
    "There are no facts about the person.": "Không có thông tin nào về công dân.",
    'write for example {"pid": "079203000018", "full_name": "Nguyễn Văn An"}': (
        'viết ví dụ {"pid": "079203000018", "full_name": "Nguyễn Văn An"}'
    ),
    "The value must be text.": ("Giá trị phải là chữ."),
    "write it in quotes; a number of a person keeps its leading zeros so": (
        "viết trong dấu ngoặc kép; như vậy số định danh giữ được số 0 ở đầu"
    ),
    "This must be true or false.": "Chỗ này phải là true hoặc false.",
    "write true or false": "viết true hoặc false",
    # -- Files
    "This must be HEADING=ATTRIBUTE.": "Phải viết TIÊU ĐỀ=TRƯỜNG.",
    "correct it": "hãy sửa lại",
    "The file %(path)s cannot be written: %(reason)s.": (
        "Không ghi được tệp %(path)s: %(reason)s."
    ),
    "name a file in a folder with room that this account may write": (
        "nêu tệp trong thư mục còn chỗ mà tài khoản này được ghi"
    ),
    "check its name and that this account may read it": (
        "kiểm tra tên tệp và quyền đọc của tài khoản này"
    ),
    "The file has no headings.": "Tệp không có dòng tiêu đề.",
    "name the columns in the first line, for example pid,full_name,birth_date": (
        "ghi tên cột ở dòng đầu, ví dụ pid,full_name,birth_date"
    ),
    "is_at_least needs an age.": "is_at_least cần có số tuổi.",
    "write is_at_least:18": "viết is_at_least:18",
    "lives_in needs a unit.": "lives_in cần có mã đơn vị hành chính.",
    "write lives_in:26740": "viết lives_in:26740",
    "The file is larger than %(most)d MB.": "Tệp lớn hơn %(most)d MB.",
    "split it, or give it to the exchange as a batch on its page": (
        "chia nhỏ tệp, hoặc nộp thành lô trên trang của cổng trao đổi"
    ),
    "The line is no JSON object.": "Dòng này không phải đối tượng JSON.",
    "correct the line": "sửa dòng này",
    "The line cannot be read as CSV: %(reason)s.": "Không đọc được dòng CSV này: %(reason)s.",
    "look for a quotation mark that is not closed": "tìm dấu ngoặc kép chưa đóng",
    "The column %(heading)s is not recognised.": "Không nhận ra cột %(heading)s.",
    'tell what it holds: --column "%(heading)s=full_name", or =- to leave it out': (
        'cho biết cột chứa gì: --column "%(heading)s=full_name", hoặc =- để bỏ qua'
    ),
    "Two columns hold %(name)s.": "Có hai cột cùng chứa %(name)s.",
    'leave one out: --column "%(heading)s=-"': 'bỏ một cột: --column "%(heading)s=-"',
    "The line is not text in UTF-8.": "Dòng này không phải chữ dạng UTF-8.",
    'save it as "CSV UTF-8"; for a spreadsheet, export it so': (
        'lưu dạng "CSV UTF-8"; với bảng tính, hãy xuất ra dạng đó'
    ),
    "The line has more cells than there are headings.": "Dòng này có nhiều ô hơn số tiêu đề.",
    "put texts that hold the separator in quotes": "đặt nội dung có dấu phân cách vào ngoặc kép",
}
