import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {Component, xml} from "@odoo/owl";

/** The grid of attendance, as the server drew it: a click on a cell opens its detail. */
export class AttendanceGrid extends Component {
    static template = xml`<div t-on-click="open" t-out="props.record.data[props.name] || ''"/>`;
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
    }

    async open(ev) {
        const cell = ev.target.closest("[data-attendance]");
        if (cell) {
            await this.action.doAction({
                type: "ir.actions.act_window",
                res_model: "pope.attendance",
                res_id: Number(cell.dataset.attendance),
                views: [[false, "form"]],
            });
        }
    }
}

registry.category("fields").add("pope_attendance_grid", {component: AttendanceGrid, supportedTypes: ["html"]});
